/** Apache Camel, from the subscription to the table. */
package io.github.miniscan.peers.camel;
