package io.aki.spring.boot.test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests from the HTTP server to the routes, and responses from the routes to
 * the HTTP server. No thread blocks while it waits for a body or for a job.
 */
final class RouteHandler extends Handler.Abstract.NonBlocking {

	private static final int LARGEST_BODY = 64 * 1024 * 1024;

	private final FaultyRoutes routes;

	private final Timeline timeline;

	private final DelayedExchanges held;

	private final Executor executor;

	private final Set<CompletableFuture<?>> exchanges = ConcurrentHashMap.newKeySet();

	RouteHandler(FaultyRoutes routes, Timeline timeline, DelayedExchanges held, Executor executor) {
		this.routes = routes;
		this.timeline = timeline;
		this.held = held;
		this.executor = executor;
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) {
		CompletableFuture<Void> exchange = new CompletableFuture<>();
		this.exchanges.add(exchange);
		Callback end = Callback.from(callback, () -> {
			this.exchanges.remove(exchange);
			exchange.complete(null);
		});
		ResponseWriter writer = new ResponseWriter(request, response, end, this.timeline, this.held);
		this.routes.meet(request.getMethod(), path(request), writer, (effect) -> read(request, effect, writer));
		return true;
	}

	private void read(Request request, @Nullable FaultEffect effect, ResponseWriter writer) {
		body(request).thenAcceptAsync((body) -> {
			AkiEmulatorRequest recorded = recorded(request, body);
			String contentType = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
			this.routes.answer(recorded, contentType != null && contentType.contains("json"), effect, writer);
		}, this.executor).exceptionally((failure) -> {
			writer.write(failed(failure));
			return null;
		});
	}

	/**
	 * Wait until all requests have been answered.
	 * @param millis the maximum wait in milliseconds
	 */
	void awaitAnswers(long millis) {
		CompletableFuture.allOf(this.exchanges.toArray(CompletableFuture[]::new))
			.completeOnTimeout(null, millis, TimeUnit.MILLISECONDS)
			.join();
	}

	private static CompletableFuture<byte[]> body(Request request) {
		CompletableFuture<byte[]> body = new CompletableFuture<>();
		if (request.getLength() > LARGEST_BODY) {
			body.completeExceptionally(new BodyTooLargeException());
			return body;
		}
		Content.Source.asByteArrayAsync(request, LARGEST_BODY,
				Promise.Invocable.from(InvocationType.NON_BLOCKING, body::complete, body::completeExceptionally));
		return body;
	}

	private static AkiEmulatorRequest recorded(Request request, byte[] body) {
		String rawBody = new String(body, StandardCharsets.UTF_8);
		Map<String, @Nullable Object> object = JsonText.objectOrNull(rawBody);
		return new AkiEmulatorRequest(request.getMethod(), path(request), query(request),
				(object != null) ? object : Map.of(), rawBody);
	}

	private static String path(Request request) {
		String path = request.getHttpURI().getPath();
		return (path != null) ? path : "";
	}

	private static Map<String, String> query(Request request) {
		Map<String, String> query = new LinkedHashMap<>();
		for (Fields.Field field : Request.extractQueryParameters(request, StandardCharsets.UTF_8)) {
			query.put(field.getName(), field.getValue());
		}
		return query;
	}

	static EmulatedResponse failed(@Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException wrapper) ? wrapper.getCause() : failure;
		if (cause instanceof BodyTooLargeException) {
			return EmulatedResponse.jsonError(413, "Request Entity Too Large", "Request body exceeds the size limit");
		}
		return EmulatedResponse.jsonError(500, "Internal Server Error", "The emulator failed: " + cause);
	}

	/**
	 * Thrown if the declared length of a request body exceeds the limit.
	 */
	private static final class BodyTooLargeException extends RuntimeException {

	}

}
