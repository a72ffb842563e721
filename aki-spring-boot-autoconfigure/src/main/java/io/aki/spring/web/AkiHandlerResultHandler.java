package io.aki.spring.web;

import java.io.EOFException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.aki.client.AkiJob;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityResultHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Handles the jobs and event streams that controllers of WebFlux return, as if they had
 * returned a {@code Mono} of the public result, or a {@code Flux} of server-sent events.
 * For the auto-configuration.
 *
 * @since 1.0.0
 */
public final class AkiHandlerResultHandler implements HandlerResultHandler, Ordered {

	private static final String LAST_EVENT_ID = "Last-Event-ID";

	/**
	 * A client that does not read for this number of heartbeats is disconnected. The
	 * server also buffers events and heartbeats: Netty buffers 128 of them.
	 */
	private static final int MAX_UNSENT_HEARTBEATS = 2;

	private static final MethodParameter JOB_TYPE = returnType("job");

	private static final MethodParameter STREAM_TYPE = returnType("stream");

	private final AkiEventStreams eventStreams;

	private final Supplier<ResponseEntityResultHandler> delegate;

	/**
	 * Create a handler.
	 * @param eventStreams opens the streams
	 * @param delegate supplies the handler that writes the responses
	 */
	public AkiHandlerResultHandler(AkiEventStreams eventStreams, Supplier<ResponseEntityResultHandler> delegate) {
		this.eventStreams = eventStreams;
		this.delegate = delegate;
	}

	/**
	 * Return the order, which is before the handler for {@link ResponseEntity}.
	 */
	@Override
	public int getOrder() {
		return -1;
	}

	@Override
	public boolean supports(HandlerResult result) {
		return ReturnedBody.isSupported(result.getReturnValue())
				|| (result.getReturnValue() instanceof Mono && isSupported(result.getReturnType()));
	}

	/**
	 * Return whether a {@code Mono} of a type, or a suspending function with a return
	 * type, can return a job or an event stream. The body of a {@link ResponseEntity} may
	 * not be declared.
	 */
	private static boolean isSupported(ResolvableType type) {
		ResolvableType valueType = Mono.class.isAssignableFrom(type.toClass()) ? type.getGeneric() : type;
		ResolvableType bodyType = ResponseEntity.class.isAssignableFrom(valueType.toClass()) ? valueType.getGeneric()
				: valueType;
		Class<?> body = bodyType.resolve();
		return (body != null) ? AkiJob.class.isAssignableFrom(body) || AkiEventStream.class.isAssignableFrom(body)
				: bodyType != valueType;
	}

	@Override
	public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
		return (result.getReturnValue() instanceof Mono<?> mono)
				? mono.flatMap((value) -> handleValue(exchange, result, value))
				: handleValue(exchange, result, result.getReturnValue());
	}

	private Mono<Void> handleValue(ServerWebExchange exchange, HandlerResult result, @Nullable Object value) {
		if (value == null || !ReturnedBody.isSupported(value)) {
			// a response entity with another body
			return this.delegate.get()
				.handleResult(exchange, new HandlerResult(result.getHandler(), value, result.getReturnTypeSource()));
		}
		ReturnedBody returned = ReturnedBody.of(value, exchange.getResponse().getStatusCode());
		if (returned.value() instanceof AkiJob job) {
			return write(exchange, result, AkiReactive.result(job).map((done) -> returned.response(done.toPublicMap())),
					JOB_TYPE);
		}
		AkiEventStream stream = (AkiEventStream) returned.value();
		return write(exchange, result, Mono.fromSupplier(() -> response(exchange, returned, stream)), STREAM_TYPE);
	}

	private Mono<Void> write(ServerWebExchange exchange, HandlerResult result, Mono<?> response,
			MethodParameter returnType) {
		return this.delegate.get().handleResult(exchange, new HandlerResult(result.getHandler(), response, returnType));
	}

	private ResponseEntity<Flux<ServerSentEvent<String>>> response(ServerWebExchange exchange, ReturnedBody returned,
			AkiEventStream stream) {
		String lastEventId = exchange.getRequest().getHeaders().getFirst(LAST_EVENT_ID);
		Flux<ServerSentEvent<String>> events = JdkFlowAdapter
			.flowPublisherToFlux(this.eventStreams.open(stream, lastEventId))
			.map(AkiHandlerResultHandler::serverSentEvent)
			.switchOnFirst((first, all) -> first.hasValue() ? withHeartbeats(all) : all);
		return ResponseEntity.status(returned.status())
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.header(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
			// otherwise nginx buffers the events
			.header("X-Accel-Buffering", "no")
			.headers((headers) -> headers.putAll(returned.headers()))
			.body(events);
	}

	private static ServerSentEvent<String> serverSentEvent(StreamEvent event) {
		ServerSentEvent.Builder<String> builder = ServerSentEvent.builder(event.json()).event(event.name());
		return ((event.id() != null) ? builder.id(event.id()) : builder).build();
	}

	private Flux<ServerSentEvent<String>> withHeartbeats(Flux<ServerSentEvent<String>> events) {
		Sinks.Empty<Void> end = Sinks.empty();
		AtomicInteger unsent = new AtomicInteger();
		Flux<ServerSentEvent<String>> heartbeats = Flux.interval(this.eventStreams.heartbeat())
			.onBackpressureDrop((number) -> {
				if (unsent.incrementAndGet() == MAX_UNSENT_HEARTBEATS) {
					// WebFlux does not log this exception as an error
					end.tryEmitError(new EOFException("The client does not read the event stream"));
				}
			})
			.map((number) -> {
				unsent.set(0);
				return ServerSentEvent.<String>builder().comment("").build();
			})
			.takeUntilOther(end.asMono());
		return Flux.merge(1, events.doFinally((signal) -> end.tryEmitEmpty()), heartbeats);
	}

	private static MethodParameter returnType(String method) {
		Method found = ReflectionUtils.findMethod(ReturnTypes.class, method);
		Assert.state(found != null, "No return type");
		return new MethodParameter(found, -1);
	}

	/**
	 * The types that the delegate writes.
	 */
	private interface ReturnTypes {

		Mono<ResponseEntity<Map<String, @Nullable Object>>> job();

		Mono<ResponseEntity<Flux<ServerSentEvent<String>>>> stream();

	}

}
