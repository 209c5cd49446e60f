/** What the brief says: the message, and the table that has the newest scan of each key. */
package io.github.miniscan.peers.brief;
