package io.aki.spring.boot.test;

import java.util.EnumSet;
import java.util.Set;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an exchange that decide whether a fault applies to it. Some of them
 * are unknown until the body of the request has been read.
 *
 * @param phases the possible phases; empty if the request does not belong to the API
 * @param endpoint the endpoint's name, {@code null} if the path has none
 * @param jobRunning whether the exchange polls a job that has not ended, {@code null} if
 * that is unknown
 */
record Exchange(Set<Phase> phases, @Nullable String endpoint, @Nullable Boolean jobRunning) {

	/**
	 * Return the properties that the method and the path of a request determine.
	 */
	static Exchange of(String method, String path) {
		String endpoint = ApiRoutes.endpointIn(path);
		if (ApiRoutes.isCall(path) && method.equals("POST")) {
			return new Exchange(EnumSet.of(Phase.START, Phase.CALL), endpoint, false);
		}
		if (ApiRoutes.isProgress(path) && method.equals("POST")) {
			return new Exchange(EnumSet.of(Phase.POLL, Phase.RESULT, Phase.CANCEL), endpoint, null);
		}
		boolean get = method.equals("GET") && ApiRoutes.isQuestion(path);
		return new Exchange(get ? EnumSet.of(Phase.GET) : EnumSet.noneOf(Phase.class), endpoint, false);
	}

	/**
	 * Return the properties of a call whose body has been read.
	 */
	Exchange calling(boolean waits) {
		return new Exchange(EnumSet.of(waits ? Phase.CALL : Phase.START), this.endpoint, false);
	}

	/**
	 * Return the properties of a poll whose body has been read.
	 * @param cancels whether the poll is a cancel request
	 * @param job the job, {@code null} if there is none
	 */
	Exchange polling(boolean cancels, @Nullable JobView job) {
		Phase phase = (job != null && job.resultDue()) ? Phase.RESULT : Phase.POLL;
		return new Exchange(EnumSet.of(cancels ? Phase.CANCEL : phase), this.endpoint,
				job != null && !job.state().ended());
	}

}
