/**
 * The store on a disk that kills its process, fails, fills up and loses its power: a small library
 * of C, which is put under the process, does so at any operation.
 */
@NullMarked
package io.github.miniscan.proof.disk;

import org.jspecify.annotations.NullMarked;
