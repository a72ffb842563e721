/**
 * The assistant: a chat with tools and memory, made with Spring AI.
 */
@NullMarked
package io.aki.sample.assistant;

import org.jspecify.annotations.NullMarked;
