/**
 * The background: takes tasks from the queue and has AKI.IO do them.
 */
@NullMarked
package io.aki.sample.worker;

import org.jspecify.annotations.NullMarked;
