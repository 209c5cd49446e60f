package io.github.miniscan.store;

/**
 * Makes batches durable.
 *
 * <p><b>Durable:</b> when {@link #write} returns, all of the batch survives a crash of the process
 * and the loss of power. It returns only when the store itself says so, and without a warning.
 * <b>Repeatable:</b> writing the same again, in whole or in part, in any order, changes nothing.
 * When it throws, any part of the batch may have been written or none: the caller writes it again.
 * <b>Bounded:</b> it returns or throws within seconds, so that its caller can stop. Safe for use by
 * several threads, and beside other writers, processes included.
 *
 * @param <R> the record type
 */
@FunctionalInterface
public interface BatchWriter<R> {

  /**
   * Writes the records (merging each with what is kept of its key) and the dead letters (of copies
   * with one id one stays, the same for all readers), and then removes the dead letters that are
   * {@link Batch#replayed()}; in one transaction where the store has them.
   *
   * <p>A dead letter is never refused, whatever it holds: it is the last place for a message. A
   * store that cannot take one is down.
   *
   * @return how many of the records changed what is kept
   * @throws RecordRefusedException when the store is well but will never take some record of the
   *     batch; the caller finds out which one by writing parts of the batch
   * @throws UnusableStoreException when this program will never be able to write the store
   * @throws StoreException when the store is down; any other exception is treated the same way
   */
  WriteResult write(Batch<R> batch);
}
