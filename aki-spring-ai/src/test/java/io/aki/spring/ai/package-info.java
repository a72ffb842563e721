@NullMarked
package io.aki.spring.ai;

import org.jspecify.annotations.NullMarked;
