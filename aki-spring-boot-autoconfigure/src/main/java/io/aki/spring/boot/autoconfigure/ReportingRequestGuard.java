package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiStartRequest;

/**
 * A guard of the application whose refusals are counted.
 */
class ReportingRequestGuard implements AkiRequestGuard {

	static final String REASON = "guard";

	private final AkiRequestGuard delegate;

	private final RefusalListener refusals;

	ReportingRequestGuard(AkiRequestGuard delegate, RefusalListener refusals) {
		this.delegate = delegate;
		this.refusals = refusals;
	}

	@Override
	public void beforeStart(AkiStartRequest request) {
		try {
			this.delegate.beforeStart(request);
		}
		catch (RuntimeException ex) {
			this.refusals.refused(request.endpoint(), REASON);
			throw ex;
		}
	}

	@Override
	public void afterEnd(AkiStartRequest request) {
		this.delegate.afterEnd(request);
	}

	@Override
	public String toString() {
		return this.delegate.toString();
	}

}
