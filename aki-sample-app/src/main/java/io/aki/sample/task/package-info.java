/**
 * Tasks: written to the database, shared by all instances of the application.
 */
@NullMarked
package io.aki.sample.task;

import org.jspecify.annotations.NullMarked;
