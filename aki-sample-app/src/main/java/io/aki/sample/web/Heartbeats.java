package io.aki.sample.web;

import java.time.Duration;

import reactor.core.publisher.Flux;

import org.springframework.http.codec.ServerSentEvent;

/**
 * Comments in a stream of server-sent events. Only a write shows the server that the
 * browser has disconnected.
 */
public final class Heartbeats {

	private Heartbeats() {
	}

	/**
	 * Return a stream of comments that never ends.
	 * @param interval the time between two comments
	 */
	public static <T> Flux<ServerSentEvent<T>> every(Duration interval) {
		return Flux.interval(interval)
			.onBackpressureDrop()
			.map((number) -> ServerSentEvent.<T>builder().comment("").build());
	}

}
