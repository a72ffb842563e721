package io.aki.spring.boot.test;

import java.util.Map;

/**
 * A progress report of a worker.
 *
 * @param percent the progress in percent
 * @param data the partial results by name
 */
record WorkProgress(int percent, Map<String, Object> data) {

}
