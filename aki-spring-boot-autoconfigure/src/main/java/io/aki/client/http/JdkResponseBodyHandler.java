package io.aki.client.http;

import java.io.InputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;

import org.jspecify.annotations.Nullable;

/**
 * Creates the body of a response. If the caller no longer waits when the response starts,
 * this handler aborts the response. The engine does not abort it, because the engine
 * regards it as delivered.
 */
final class JdkResponseBodyHandler implements BodyHandler<InputStream> {

	private final @Nullable Long deadline;

	private @Nullable JdkResponseBody body;

	private boolean abandoned;

	JdkResponseBodyHandler(@Nullable Long deadline) {
		this.deadline = deadline;
	}

	@Override
	public synchronized BodySubscriber<InputStream> apply(ResponseInfo info) {
		JdkResponseBody body = new JdkResponseBody(this.deadline);
		this.body = body;
		if (this.abandoned) {
			body.close();
		}
		return body;
	}

	/**
	 * Abort the response, whether it has begun or not.
	 */
	synchronized void abandon() {
		this.abandoned = true;
		if (this.body != null) {
			this.body.close();
		}
	}

}
