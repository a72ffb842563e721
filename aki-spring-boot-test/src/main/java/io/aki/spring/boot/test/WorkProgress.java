package io.aki.spring.boot.test;

import java.util.Map;

/**
 * A worker's report on a job that is not finished.
 *
 * @param percent how much is done
 * @param data the partial results
 */
record WorkProgress(int percent, Map<String, Object> data) {

}
