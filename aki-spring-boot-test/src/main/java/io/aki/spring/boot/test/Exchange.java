package io.aki.spring.boot.test;

import java.util.EnumSet;
import java.util.Set;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an exchange when it is decided whether a fault strikes it: less before
 * the request's body has been read, and all of it afterwards.
 *
 * @param phases the phases that it may be in; none for what is no request of the API
 * @param endpoint the endpoint's name, if there is one in the request
 * @param jobUnderWay whether a job is asked for that has not ended, null if that is not
 * known yet
 */
record Exchange(Set<Phase> phases, @Nullable String endpoint, @Nullable Boolean jobUnderWay) {

	/**
	 * What the head of a request tells.
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
	 * What its body tells of a call.
	 */
	Exchange calling(boolean waits) {
		return new Exchange(EnumSet.of(waits ? Phase.CALL : Phase.START), this.endpoint, false);
	}

	/**
	 * What its body and the registry tell of a poll.
	 * @param job the job that is asked for, null if there is none
	 */
	Exchange polling(boolean cancels, @Nullable JobView job) {
		Phase phase = (job != null && job.resultDue()) ? Phase.RESULT : Phase.POLL;
		return new Exchange(EnumSet.of(cancels ? Phase.CANCEL : phase), this.endpoint,
				job != null && !job.state().ended());
	}

}
