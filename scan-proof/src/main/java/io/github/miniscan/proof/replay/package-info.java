/** That replaying dead letters loses none of them, wherever it ends. */
@NullMarked
package io.github.miniscan.proof.replay;

import org.jspecify.annotations.NullMarked;
