package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What became of a call's parameters.
 *
 * @param values the accepted ones, defaults included; of no use if there are errors
 * @param errors what is wrong, in the order in which the server finds it
 */
record CheckedArguments(Map<String, @Nullable Object> values, List<String> errors) {

}
