package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The result of a check of parameters.
 *
 * @param values the accepted values, including the defaults; not used if there are errors
 * @param errors the error messages, in the order in which the server reports them
 */
record CheckedArguments(Map<String, @Nullable Object> values, List<String> errors) {

}
