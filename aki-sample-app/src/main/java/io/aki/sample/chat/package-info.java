/**
 * The chat: its HTTP interface and the memory for its conversations.
 */
@NullMarked
package io.aki.sample.chat;

import org.jspecify.annotations.NullMarked;
