/**
 * The chat: conversations in the database whose answers are durable tasks.
 */
@NullMarked
package io.aki.sample.chat;

import org.jspecify.annotations.NullMarked;
