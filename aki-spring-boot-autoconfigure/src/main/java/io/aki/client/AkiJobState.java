package io.aki.client;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job, as one vocabulary for the words that servers use.
 * <p>
 * The server's own word is kept beside it, see {@link AkiProgressInfo#serverState()}. As
 * JSON a state is written in lower case ({@code "queued"}).
 *
 * @since 1.0.0
 */
public enum AkiJobState {

	/**
	 * Waits for a free worker.
	 */
	QUEUED,

	/**
	 * A worker computes it. Servers say {@code processing} or {@code running}.
	 */
	RUNNING,

	/**
	 * Finished; its result was, or is being, handed out.
	 */
	DONE,

	/**
	 * Ended before its time because someone canceled it.
	 */
	CANCELED,

	/**
	 * Given up by the server because no worker finished it in time.
	 */
	LAPSED,

	/**
	 * The server said something else, or nothing.
	 */
	UNKNOWN;

	/**
	 * Return the state in lower case, as it is written in JSON.
	 * @return the state's word
	 */
	@JsonValue
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Read a server's word for a state.
	 * @param serverState the word, in any case; may be {@code null}
	 * @return the state, {@link #UNKNOWN} for a word that is not known
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
	 * Return whether the server works on a job in this state no longer.
	 * @return {@code true} for {@link #DONE}, {@link #CANCELED} and {@link #LAPSED}
	 */
	public boolean isFinal() {
		return this == DONE || this == CANCELED || this == LAPSED;
	}

}
