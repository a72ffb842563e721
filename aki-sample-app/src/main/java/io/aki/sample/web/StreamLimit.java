package io.aki.sample.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.aki.sample.SampleProperties;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
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
	 * Count a stream of the current user while it is open.
	 * @throws ResponseStatusException if the user has too many streams, with the status
	 * 429
	 */
	public <T> Flux<T> count(Flux<T> stream) {
		String owner = this.user.name();
		if (this.open.getOrDefault(owner, 0) >= this.maximum) {
			throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
					"Too many pages and answers are open. Close a page or try again in a moment");
		}
		return stream.doOnSubscribe((subscription) -> this.open.merge(owner, 1, Integer::sum))
			.doFinally((signal) -> this.open.computeIfPresent(owner, (name, count) -> (count > 1) ? count - 1 : null));
	}

}
