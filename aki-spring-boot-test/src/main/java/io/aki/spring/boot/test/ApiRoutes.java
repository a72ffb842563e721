package io.aki.spring.boot.test;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Handles the requests of the API's five routes, independent of the HTTP server.
 */
final class ApiRoutes {

	private static final String CALL = "/api/call/";

	private static final String PROGRESS = "/api/progress/";

	private static final String ENDPOINTS = "/api/endpoints";

	private static final String VALIDATE_KEY = "/api/validate_key";

	private final EndpointCatalog catalog;

	private final KeyCheck keys;

	private final JobRegistry registry;

	private final WorkFactory workFactory;

	private final boolean cancels;

	private final Executor executor;

	ApiRoutes(EndpointCatalog catalog, KeyCheck keys, JobRegistry registry, WorkFactory workFactory, boolean cancels,
			Executor executor) {
		this.catalog = catalog;
		this.keys = keys;
		this.registry = registry;
		this.workFactory = workFactory;
		this.cancels = cancels;
		this.executor = executor;
	}

	/**
	 * Answer a request. If a call waits for its job, the response is available when the
	 * job has ended.
	 * @param request the request
	 * @param json whether the content type of the request is JSON
	 * @param jobFault the fault of the job
	 * @return the response
	 */
	CompletionStage<EmulatedResponse> answer(AkiEmulatorRequest request, boolean json, JobFault jobFault) {
		String path = request.path();
		if (isCall(path)) {
			return allowed("POST", request, json, () -> call(nameAfter(CALL, path), request, jobFault));
		}
		if (isProgress(path)) {
			return allowed("POST", request, json,
					() -> answered(progress(nameAfter(PROGRESS, path), request, jobFault)));
		}
		if (path.equals(VALIDATE_KEY)) {
			return allowed("GET", request, json, () -> answered(validateKey(request)));
		}
		if (path.equals(ENDPOINTS)) {
			return allowed("GET", request, json, () -> answered(endpoints(request)));
		}
		Endpoint endpoint = path.startsWith(ENDPOINTS + "/") ? this.catalog.find(nameAfter(ENDPOINTS + "/", path))
				: null;
		if (endpoint != null) {
			return allowed("GET", request, json, () -> answered(details(endpoint, request)));
		}
		return answered(httpError(json, 404, "Not Found", "Requested URL " + path + " not found"));
	}

	/**
	 * Return whether a path is that of a call.
	 */
	static boolean isCall(String path) {
		return path.startsWith(CALL) && !nameAfter(CALL, path).contains("/");
	}

	/**
	 * Return whether a path is that of a poll.
	 */
	static boolean isProgress(String path) {
		return path.startsWith(PROGRESS) && !nameAfter(PROGRESS, path).contains("/");
	}

	/**
	 * Return whether a path is that of a key validation, of the list of endpoints, or of
	 * the details of an endpoint.
	 */
	static boolean isQuestion(String path) {
		return path.equals(VALIDATE_KEY) || path.equals(ENDPOINTS) || path.startsWith(ENDPOINTS + "/");
	}

	/**
	 * Return the name of the endpoint in a path, {@code null} if the path has none.
	 */
	static @Nullable String endpointIn(String path) {
		for (String prefix : List.of(CALL, PROGRESS, ENDPOINTS + "/")) {
			if (path.startsWith(prefix)) {
				return nameAfter(prefix, path);
			}
		}
		return null;
	}

	private CompletionStage<EmulatedResponse> call(String name, AkiEmulatorRequest request, JobFault jobFault) {
		Endpoint endpoint = this.catalog.find(name);
		if (endpoint == null) {
			return answered(unknownEndpoint(name));
		}
		if (request.body().isEmpty()) {
			return answered(notJson());
		}
		PoolStatus figures = this.registry.figures(endpoint);
		if (figures.freeQueueSlots() == 0) {
			return answered(queueFull(endpoint, figures));
		}
		String objection = this.keys.objection(request.body().get("key"));
		if (objection != null) {
			return answered(EmulatedResponse.refused(401, List.of(objection), endpoint));
		}
		CheckedArguments arguments = new ArgumentCheck(endpoint, request.body()).check();
		if (!arguments.errors().isEmpty()) {
			return answered(EmulatedResponse.refused(400, arguments.errors(), endpoint));
		}
		boolean waits = !Boolean.FALSE.equals(arguments.values().get("wait_for_result"));
		Work work = jobFault
			.replace(this.workFactory.create(endpoint, arguments.values(), this.registry.nextOrdinal()));
		Job job = this.registry.accept(endpoint, work, waits);
		if (job == null) {
			return answered(queueFull(endpoint, figures));
		}
		if (!waits) {
			return answered(EmulatedResponse.json(200, JobResponses.accepted(endpoint, job.id())));
		}
		return job.ending().handleAsync((ended, failure) -> {
			if (ended == null) {
				return EmulatedResponse.jsonError(503, "Service Unavailable",
						"The emulator stopped waiting for the job");
			}
			return JobResponses.blocking(ended);
		}, this.executor);
	}

	private EmulatedResponse progress(String name, AkiEmulatorRequest request, JobFault jobFault) {
		Endpoint endpoint = this.catalog.find(name);
		if (endpoint == null) {
			return unknownEndpoint(name);
		}
		Map<String, @Nullable Object> body = request.body();
		if (body.isEmpty()) {
			return notJson();
		}
		String objection = this.keys.objection(body.get("key"));
		if (objection != null) {
			return EmulatedResponse.refused(401, List.of(objection), endpoint);
		}
		Object id = body.get("job_id");
		if (id == null || "".equals(id)) {
			return EmulatedResponse.refused(402, List.of("No job_id given"), endpoint);
		}
		boolean cancelRequested = Boolean.TRUE.equals(body.get("cancel"));
		JobView view = this.registry.poll(endpoint, PythonText.str(id), cancelRequested,
				this.cancels && jobFault.honorsCancel());
		if (view == null) {
			return EmulatedResponse.refused(402,
					List.of("Client has no active request with this job id " + PythonText.str(id)), endpoint);
		}
		return JobResponses.progress(view);
	}

	private EmulatedResponse validateKey(AkiEmulatorRequest request) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>();
		boolean valid = this.keys.accepts(request.query().get("key"));
		body.put("success", valid);
		body.put("error", valid ? null : KeyCheck.NOT_VALID);
		return EmulatedResponse.json(200, body);
	}

	private EmulatedResponse endpoints(AkiEmulatorRequest request) {
		if (request.query().containsKey("key") && !this.keys.accepts(request.query().get("key"))) {
			return EmulatedResponse.json(401, Map.of("error", KeyCheck.NOT_VALID));
		}
		return EmulatedResponse.json(200, Map.of("endpoints", this.catalog.names()));
	}

	private EmulatedResponse details(Endpoint endpoint, AkiEmulatorRequest request) {
		if (!this.keys.accepts(request.query().get("key"))) {
			return EmulatedResponse.json(401, Map.of("error", KeyCheck.NOT_VALID));
		}
		return EmulatedResponse.json(200, endpoint.describe(this.registry.figures(endpoint)));
	}

	// the real server maps the path of a call or poll to one with only the endpoint's
	// name, and returns that path in the message
	private static EmulatedResponse unknownEndpoint(String name) {
		return EmulatedResponse.jsonError(404, "Not Found", "Requested URL /" + name + " not found");
	}

	private static EmulatedResponse notJson() {
		return EmulatedResponse.jsonError(400, "Bad Request", "Failed when parsing body as json");
	}

	private static EmulatedResponse queueFull(Endpoint endpoint, PoolStatus figures) {
		String error = "Job queue reached max length " + figures.maxQueueLength() + "!";
		return EmulatedResponse.refused(400, error, endpoint);
	}

	private static CompletionStage<EmulatedResponse> allowed(String method, AkiEmulatorRequest request, boolean json,
			Route route) {
		if (!request.method().equals(method)) {
			return answered(httpError(json, 405, "Method Not Allowed",
					"Method " + request.method() + " not allowed for URL " + request.path()));
		}
		return route.answer();
	}

	private static EmulatedResponse httpError(boolean json, int status, String reason, String message) {
		return json ? EmulatedResponse.jsonError(status, reason, message)
				: EmulatedResponse.textError(status, reason, message);
	}

	private static CompletionStage<EmulatedResponse> answered(EmulatedResponse answer) {
		return CompletableFuture.completedFuture(answer);
	}

	private static String nameAfter(String prefix, String path) {
		String name = path.substring(prefix.length());
		try {
			return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return name;
		}
	}

	/**
	 * Handles a request of a route.
	 */
	private interface Route {

		CompletionStage<EmulatedResponse> answer();

	}

}
