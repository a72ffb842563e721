/**
 * The chat: its HTTP interface and the conversations that give it a memory.
 */
@NullMarked
package io.aki.sample.chat;

import org.jspecify.annotations.NullMarked;
