package io.aki.spring.boot.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a job of the emulator. Its times are times of the emulator's clock.
 *
 * @param id the job's id
 * @param endpoint the endpoint's name
 * @param state {@code queued}, {@code processing}, {@code done}, {@code canceled} or
 * {@code lapsed}
 * @param acceptedAt when the job was accepted
 * @param startedAt when a worker started the job, {@code null} if no worker has started
 * it
 * @param endedAt when the job ended, {@code null} if it has not ended
 * @param handedOut how often the result was returned: 0 or 1, or 2 if a call waited for
 * the job and a poll canceled it
 * @param polls the number of polls, including cancel requests
 * @param cancelRequests the number of cancel requests, including those that the emulator
 * ignored
 * @since 1.0.0
 */
public record AkiEmulatorJob(String id, String endpoint, String state, Instant acceptedAt, @Nullable Instant startedAt,
		@Nullable Instant endedAt, int handedOut, int polls, int cancelRequests) {

}
