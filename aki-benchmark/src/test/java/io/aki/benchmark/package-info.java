/**
 * Measures the cost of a call, a crowd of jobs, a large image and the start of an
 * application. Each is compared with a baseline in the same run, such as the bare engine.
 */
package io.aki.benchmark;
