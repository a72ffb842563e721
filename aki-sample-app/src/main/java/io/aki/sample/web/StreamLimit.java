package io.aki.sample.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.aki.sample.SampleProperties;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.ObjectUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.server.ResponseStatusException;

/**
 * Limits the streams that a user has open at the same time.
 */
@Component
public class StreamLimit {

	private final CurrentUser user;

	private final int maximum;

	private final Map<String, Integer> open = new ConcurrentHashMap<>();

	StreamLimit(CurrentUser user, SampleProperties properties) {
		this.user = user;
		this.maximum = properties.maxStreams();
	}

	/**
	 * Count a stream of the current user, from now until it has ended. A stream that
	 * nothing has subscribed to is counted until the current thread has handled its
	 * request: Spring MVC subscribes before that.
	 * @return the stream, which can be subscribed to once
	 * @throws ResponseStatusException if the user has too many streams, with the status
	 * 429
	 */
	public <T> Flux<T> count(Flux<T> stream) {
		String owner = this.user.name();
		add(owner);
		AtomicBoolean used = new AtomicBoolean();
		RequestContextHolder.currentRequestAttributes()
			.registerDestructionCallback(StreamLimit.class.getName() + ObjectUtils.getIdentityHexString(used), () -> {
				if (used.compareAndSet(false, true)) {
					remove(owner);
				}
			}, RequestAttributes.SCOPE_REQUEST);
		return Flux.defer(() -> used.compareAndSet(false, true) ? stream.doFinally((signal) -> remove(owner))
				: Flux.error(new IllegalStateException("The stream was used before, or its request has ended")));
	}

	private void add(String owner) {
		this.open.compute(owner, (name, count) -> {
			int opened = (count != null) ? count : 0;
			if (opened >= this.maximum) {
				throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
						"Too many pages and answers are open. Close a page or try again in a moment");
			}
			return opened + 1;
		});
	}

	private void remove(String owner) {
		this.open.computeIfPresent(owner, (name, count) -> (count > 1) ? count - 1 : null);
	}

}
