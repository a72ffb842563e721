package io.aki.client;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job. Servers spell some states differently;
 * {@link AkiProgressInfo#serverState()} returns the server's own spelling. In JSON a
 * state is written in lower case, such as {@code "queued"}.
 *
 * @since 1.0.0
 */
public enum AkiJobState {

	/**
	 * The job waits for a free worker.
	 */
	QUEUED,

	/**
	 * A worker computes the job. Servers say {@code processing} or {@code running}.
	 */
	RUNNING,

	/**
	 * The job is done. The server returns its result only once.
	 */
	DONE,

	/**
	 * The job was canceled.
	 */
	CANCELED,

	/**
	 * The job was ended by the server, because no worker finished it in time.
	 */
	LAPSED,

	/**
	 * The server sent another state or none.
	 */
	UNKNOWN;

	/**
	 * Return the state in lower case, as it is written in JSON.
	 * @return the text
	 */
	@JsonValue
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the state for a server's text.
	 * @param serverState the text, in any case; may be {@code null}
	 * @return the state, {@link #UNKNOWN} for any other text
	 */
	public static AkiJobState of(@Nullable String serverState) {
		if (serverState == null) {
			return UNKNOWN;
		}
		return switch (serverState.toLowerCase(Locale.ROOT)) {
			case "queued" -> QUEUED;
			case "processing", "running" -> RUNNING;
			case "done" -> DONE;
			case "canceled" -> CANCELED;
			case "lapsed" -> LAPSED;
			default -> UNKNOWN;
		};
	}

	/**
	 * Return whether this is the state of a job that has ended.
	 * @return {@code true} for {@link #DONE}, {@link #CANCELED} and {@link #LAPSED}
	 */
	public boolean isFinal() {
		return this == DONE || this == CANCELED || this == LAPSED;
	}

}
