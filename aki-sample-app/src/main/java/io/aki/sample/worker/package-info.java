/**
 * The background workers. They take tasks from the queue and process them with AKI.IO.
 */
@NullMarked
package io.aki.sample.worker;

import org.jspecify.annotations.NullMarked;
