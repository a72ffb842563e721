@NullMarked
package io.aki.spring.ai.autoconfigure;

import org.jspecify.annotations.NullMarked;
