/**
 * Tasks. They are stored in the database, which all instances of the application share.
 */
@NullMarked
package io.aki.sample.task;

import org.jspecify.annotations.NullMarked;
