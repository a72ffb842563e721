package io.aki.client;

import java.io.InputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;

import org.jspecify.annotations.Nullable;

/**
 * Makes the body of an answer. Where the caller has gone without the answer, just when it
 * began, there is no one else to break it off: the engine takes it for delivered.
 */
final class JdkAnswerHandler implements BodyHandler<InputStream> {

	private final @Nullable Long deadline;

	private @Nullable JdkAnswerBody body;

	private boolean abandoned;

	JdkAnswerHandler(@Nullable Long deadline) {
		this.deadline = deadline;
	}

	@Override
	public synchronized BodySubscriber<InputStream> apply(ResponseInfo info) {
		JdkAnswerBody body = new JdkAnswerBody(this.deadline);
		this.body = body;
		if (this.abandoned) {
			body.close();
		}
		return body;
	}

	/**
	 * Break the answer off, whether it has begun or not: no one reads it.
	 */
	synchronized void abandon() {
		this.abandoned = true;
		if (this.body != null) {
			this.body.close();
		}
	}

}
