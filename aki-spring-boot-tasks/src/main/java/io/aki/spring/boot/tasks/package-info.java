/**
 * Durable tasks: jobs of AKI.IO that are stored in a database, survive restarts and are
 * shared by all instances of an application.
 */
@NullMarked
package io.aki.spring.boot.tasks;

import org.jspecify.annotations.NullMarked;
