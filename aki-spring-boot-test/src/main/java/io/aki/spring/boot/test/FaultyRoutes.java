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
	 * @param wire the writer of the response
	 * @param read reads and answers the request. Its argument is the fault, {@code null}
	 * if the fault is not selected yet. If a fault is applied before the request is read,
	 * this may not be called
	 */
	void meet(String method, String path, ResponseWriter wire, Consumer<@Nullable FaultEffect> read) {
		FaultEffect struck = this.faults.strike(Exchange.of(method, path));
		if (struck != null && struck.timing() == FaultTiming.UNREAD) {
			struck.strike(wire, null, () -> read.accept(FaultEffect.NONE));
		}
		else {
			read.accept(struck);
		}
	}

	/**
	 * Answer a request or apply its fault.
	 * @param request the request
	 * @param json whether the content type of the request is JSON
	 * @param struck the fault, {@code null} if the fault is not selected yet
	 * @param wire the writer of the response
	 */
	void answer(AkiEmulatorRequest request, boolean json, @Nullable FaultEffect struck, ResponseWriter wire) {
		Runnable outcome = ApiRoutes.isProgress(request.path())
				// atomic, because otherwise the job could end between the selection and
				// the response
				? this.registry.atOneMoment(() -> outcome(request, json, struck, wire))
				: outcome(request, json, struck, wire);
		outcome.run();
	}

	private Runnable outcome(AkiEmulatorRequest request, boolean json, @Nullable FaultEffect decided,
			ResponseWriter wire) {
		FaultEffect struck = (decided != null) ? decided : strike(request);
		if (struck.timing() == FaultTiming.UNREAD) {
			return () -> struck.strike(wire, null, () -> answer(request, json, FaultEffect.NONE, wire));
		}
		this.log.add(request);
		if (struck.timing() == FaultTiming.READ) {
			return () -> struck.strike(wire, null, () -> {
			});
		}
		CompletionStage<EmulatedResponse> answer = act(request, json, struck.jobFault());
		return () -> answer.whenComplete((given, failure) -> deliver(given, failure, struck, wire))
			.exceptionally((failure) -> {
				wire.cut();
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

	private static void deliver(@Nullable EmulatedResponse given, @Nullable Throwable failure, FaultEffect struck,
			ResponseWriter wire) {
		if (given == null) {
			wire.write(RouteHandler.failed(failure));
		}
		else {
			struck.strike(wire, given, () -> wire.write(given));
		}
	}

	private FaultEffect strike(AkiEmulatorRequest request) {
		FaultEffect struck = this.faults.strike(exchange(request));
		return (struck != null) ? struck : FaultEffect.NONE;
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
