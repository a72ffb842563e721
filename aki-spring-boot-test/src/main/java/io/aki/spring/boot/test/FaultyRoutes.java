package io.aki.spring.boot.test;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Applies the faults to the requests and passes the requests to the routes.
 */
final class FaultyRoutes {

	private final AkiEmulatorFaults faults;

	private final ApiRoutes routes;

	private final EndpointCatalog catalog;

	private final KeyCheck keys;

	private final JobRegistry registry;

	private final RequestLog log;

	FaultyRoutes(AkiEmulatorFaults faults, ApiRoutes routes, EndpointCatalog catalog, KeyCheck keys,
			JobRegistry registry, RequestLog log) {
		this.faults = faults;
		this.routes = routes;
		this.catalog = catalog;
		this.keys = keys;
		this.registry = registry;
		this.log = log;
	}

	/**
	 * Select the fault of a request before the body of the request is read, if that is
	 * possible.
	 * @param method the method of the request
	 * @param path the path of the request
	 * @param writer the writer of the response
	 * @param read reads and answers the request. Its argument is the fault, {@code null}
	 * if the fault is not selected yet. If a fault is applied before the request is read,
	 * this may not be called
	 */
	void meet(String method, String path, ResponseWriter writer, Consumer<@Nullable FaultEffect> read) {
		FaultEffect effect = this.faults.select(Exchange.of(method, path));
		if (effect != null && effect.timing() == FaultTiming.UNREAD) {
			effect.apply(writer, null, () -> read.accept(FaultEffect.NONE));
		}
		else {
			read.accept(effect);
		}
	}

	/**
	 * Answer a request or apply its fault.
	 * @param request the request
	 * @param json whether the content type of the request is JSON
	 * @param effect the fault, {@code null} if the fault is not selected yet
	 * @param writer the writer of the response
	 */
	void answer(AkiEmulatorRequest request, boolean json, @Nullable FaultEffect effect, ResponseWriter writer) {
		Runnable outcome = ApiRoutes.isProgress(request.path())
				// atomic, because otherwise the job could end between the selection and
				// the response
				? this.registry.atFixedTime(() -> outcome(request, json, effect, writer))
				: outcome(request, json, effect, writer);
		outcome.run();
	}

	private Runnable outcome(AkiEmulatorRequest request, boolean json, @Nullable FaultEffect decided,
			ResponseWriter writer) {
		FaultEffect effect = (decided != null) ? decided : select(request);
		if (effect.timing() == FaultTiming.UNREAD) {
			return () -> effect.apply(writer, null, () -> answer(request, json, FaultEffect.NONE, writer));
		}
		this.log.add(request);
		if (effect.timing() == FaultTiming.READ) {
			return () -> effect.apply(writer, null, () -> {
			});
		}
		CompletionStage<EmulatedResponse> answer = act(request, json, effect.jobFault());
		return () -> answer.whenComplete((given, failure) -> deliver(given, failure, effect, writer))
			.exceptionally((failure) -> {
				writer.cut();
				return null;
			});
	}

	private CompletionStage<EmulatedResponse> act(AkiEmulatorRequest request, boolean json, JobFault jobFault) {
		jobFault.beforeActing(this.registry);
		String id = jobId(request);
		if (ApiRoutes.isProgress(request.path()) && id != null) {
			jobFault.beforePoll(this.registry, id);
		}
		return this.routes.answer(request, json, jobFault);
	}

	private static void deliver(@Nullable EmulatedResponse given, @Nullable Throwable failure, FaultEffect effect,
			ResponseWriter writer) {
		if (given == null) {
			writer.write(RouteHandler.failed(failure));
		}
		else {
			effect.apply(writer, given, () -> writer.write(given));
		}
	}

	private FaultEffect select(AkiEmulatorRequest request) {
		FaultEffect effect = this.faults.select(exchange(request));
		return (effect != null) ? effect : FaultEffect.NONE;
	}

	private Exchange exchange(AkiEmulatorRequest request) {
		Map<String, @Nullable Object> body = request.body();
		Exchange head = Exchange.of(request.method(), request.path());
		if (ApiRoutes.isCall(request.path())) {
			return head.calling(!Boolean.FALSE.equals(body.get("wait_for_result")));
		}
		// a poll with an invalid key is rejected, so that it has no job
		JobView job = this.keys.accepts(body.get("key")) ? job(head.endpoint(), jobId(request)) : null;
		return head.polling(Boolean.TRUE.equals(body.get("cancel")), job);
	}

	private @Nullable JobView job(@Nullable String endpointName, @Nullable String id) {
		Endpoint endpoint = (endpointName != null) ? this.catalog.find(endpointName) : null;
		return (endpoint != null && id != null) ? this.registry.peek(endpoint, id) : null;
	}

	private static @Nullable String jobId(AkiEmulatorRequest request) {
		Object id = request.body().get("job_id");
		return (id != null) ? PythonText.str(id) : null;
	}

}
