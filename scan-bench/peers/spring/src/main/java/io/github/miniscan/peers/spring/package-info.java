/** Spring Cloud GCP, from the subscription to the table. */
package io.github.miniscan.peers.spring;
