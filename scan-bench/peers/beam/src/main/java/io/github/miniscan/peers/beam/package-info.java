/** Apache Beam, from the subscription to the table. */
package io.github.miniscan.peers.beam;
