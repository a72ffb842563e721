package io.aki.spring.boot.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a job of the emulator. The times are those of the emulator's clock.
 *
 * @param id the job's id
 * @param endpoint the endpoint
 * @param state {@code queued}, {@code processing}, {@code done}, {@code canceled} or
 * {@code lapsed}
 * @param acceptedAt when the job was accepted
 * @param startedAt when a worker took it, {@code null} while it waits
 * @param endedAt when it ended, {@code null} before
 * @param handedOut how often its result was returned: 0 or 1, or 2 if a call waited for
 * it and a poll canceled it
 * @param polls the number of polls, including cancel requests
 * @param cancelRequests the number of cancel requests, whether or not that was heeded
 * @since 1.0.0
 */
public record AkiEmulatorJob(String id, String endpoint, String state, Instant acceptedAt, @Nullable Instant startedAt,
		@Nullable Instant endedAt, int handedOut, int polls, int cancelRequests) {

}
