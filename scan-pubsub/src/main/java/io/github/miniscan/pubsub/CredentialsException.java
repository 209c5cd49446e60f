package io.github.miniscan.pubsub;

/**
 * There are no credentials for a server, or it does not accept them. When a source cannot be opened
 * for that reason, this is the cause of its {@link io.github.miniscan.ingest.SourceException}.
 */
public final class CredentialsException extends PubSubException {

  private static final long serialVersionUID = 1L;

  CredentialsException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
