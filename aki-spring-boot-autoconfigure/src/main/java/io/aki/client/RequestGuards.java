package io.aki.client;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The guards of a client, which are asked before each start.
 *
 * @param guards the guards, in order
 * @param principal supplies the user of the calling thread
 */
record RequestGuards(List<AkiRequestGuard> guards, Supplier<? extends @Nullable Principal> principal) {

	static final RequestGuards NONE = new RequestGuards(List.of(), () -> null);

	/**
	 * Ask the guards in the calling thread.
	 * @param params the parameters, encoded
	 * @return the permit, which must be ended with the request
	 */
	StartPermit ask(String endpoint, Map<String, @Nullable Object> params) {
		if (this.guards.isEmpty()) {
			return StartPermit.UNGUARDED;
		}
		AkiStartRequest request = new AkiStartRequest(endpoint, params, this.principal.get());
		StartPermit permit = new StartPermit(request);
		try {
			for (AkiRequestGuard guard : this.guards) {
				guard.beforeStart(request);
				permit.allowedBy(guard);
			}
			return permit;
		}
		catch (Throwable ex) {
			permit.end();
			throw ex;
		}
		finally {
			request.removeParameters();
		}
	}

	RequestGuards withGuards(List<AkiRequestGuard> guards) {
		return new RequestGuards(List.copyOf(guards), this.principal);
	}

	RequestGuards withPrincipal(Supplier<? extends @Nullable Principal> principal) {
		return new RequestGuards(this.guards, principal);
	}

}
