package io.aki.spring.web;

/**
 * How much of a job's text a client has received.
 *
 * @param answer the number of characters of the answer
 * @param thinking the number of characters of the reasoning
 */
record StreamPosition(int answer, int thinking) {

	static final StreamPosition START = new StreamPosition(0, 0);

}
