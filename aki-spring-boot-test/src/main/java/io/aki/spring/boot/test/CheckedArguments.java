package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The result of the check of parameters.
 *
 * @param values the accepted values with the defaults; unused if there are errors
 * @param errors the error messages in the order of the server
 */
record CheckedArguments(Map<String, @Nullable Object> values, List<String> errors) {

}
