package io.aki.spring.boot.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A job in the emulator's registry, as it stood when it was asked for. Times are the
 * emulator's clock's.
 *
 * @param id the job's id
 * @param endpoint the endpoint that it was sent to
 * @param state {@code queued}, {@code processing}, {@code done}, {@code canceled} or
 * {@code lapsed}
 * @param acceptedAt when it came
 * @param startedAt when a worker took it, null while it waits
 * @param endedAt when it was done, canceled or given up, null before
 * @param handedOut how often its result went out: 0 or 1, and 2 where a call waited for
 * it and a poll canceled it
 * @param polls how often its progress was asked for, cancels included
 * @param cancelRequests how often it was asked to be canceled, whether or not that was
 * heeded
 * @since 1.0.0
 */
public record AkiEmulatorJob(String id, String endpoint, String state, Instant acceptedAt, @Nullable Instant startedAt,
		@Nullable Instant endedAt, int handedOut, int polls, int cancelRequests) {

}
