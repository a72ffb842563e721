/**
 * What a call, a crowd of jobs, a large image and the start of an application cost, each
 * beside the bare engine in the same run.
 */
package io.aki.benchmark;
