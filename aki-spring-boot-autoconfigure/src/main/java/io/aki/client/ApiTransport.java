package io.aki.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import io.aki.client.http.BoundedResponse;
import io.aki.client.http.ExchangeFailure;
import io.aki.client.http.ExchangeLimits;
import io.aki.client.http.LimitedExchange;
import io.aki.client.http.NetworkFailure;
import io.aki.client.http.RequestBody;
import io.aki.client.json.ApiJson;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec;

/**
 * Sends one request and returns its outcome. It throws no exception for a failed
 * exchange, and the outcome does not contain the key.
 */
final class ApiTransport {

	private final RestClient restClient;

	private final RestClient unobserved;

	private final PollCount polls;

	private final AkiRequestLogging logging;

	ApiTransport(RestClient restClient) {
		this(restClient, restClient.mutate().observationRegistry(ObservationRegistry.NOOP).build(), new PollCount(),
				AkiRequestLogging.NONE);
	}

	private ApiTransport(RestClient restClient, RestClient unobserved, PollCount polls, AkiRequestLogging logging) {
		this.restClient = restClient;
		this.unobserved = unobserved;
		this.polls = polls;
		this.logging = logging;
	}

	/**
	 * Return a transport that shares the connections and the count of polls.
	 * @param logging what is logged about each exchange
	 */
	ApiTransport logging(AkiRequestLogging logging) {
		return new ApiTransport(this.restClient, this.unobserved, this.polls, logging);
	}

	ApiResponse post(ApiServerUrl server, String path, String endpoint, Map<String, @Nullable Object> body,
			ExchangeLimits limits, KeyMask mask) {
		return post(this.restClient, server, path, endpoint, body, limits, mask);
	}

	/**
	 * Poll a job. Polls are counted, not observed: a job has one observation, not one for
	 * each of hundreds of polls.
	 */
	ApiResponse poll(ApiServerUrl server, String path, String endpoint, Map<String, @Nullable Object> body,
			ExchangeLimits limits, KeyMask mask) {
		return this.polls.count(() -> post(this.unobserved, server, path, endpoint, body, limits, mask));
	}

	PollCount polls() {
		return this.polls;
	}

	private ApiResponse post(RestClient restClient, ApiServerUrl server, String path, String endpoint,
			Map<String, @Nullable Object> body, ExchangeLimits limits, KeyMask mask) {
		byte[] json = ApiJson.writeBytes(body);
		return exchange(restClient.post()
			.uri(server.decoded() + path, endpoint)
			.contentType(MediaType.APPLICATION_JSON)
			.contentLength(json.length)
			.body(new RequestBody(json)), body, server, limits, mask);
	}

	ApiResponse get(ApiServerUrl server, String path, Map<String, ?> variables, ExchangeLimits limits, KeyMask mask) {
		return exchange(this.restClient.get().uri(server.decoded() + path, variables), Map.of(), server, limits, mask);
	}

	private ApiResponse exchange(RequestHeadersSpec<?> request, Map<String, @Nullable Object> body, ApiServerUrl server,
			ExchangeLimits limits, KeyMask mask) {
		RequestLog log = RequestLog.begin(this.logging, mask);
		if (log != null) {
			request.httpRequest((sent) -> log.request(sent, body));
		}
		try (LimitedExchange exchange = LimitedExchange.begin(limits)) {
			try {
				return request.accept(MediaType.APPLICATION_JSON)
					.exchangeForRequiredValue((sent, response) -> read(response, mask, exchange, log), false);
			}
			catch (RuntimeException ex) {
				ApiResponse failed = failed(ex, server, exchange, mask);
				if (log != null && failed.failure() != null) {
					log.failed(failed.failure().error());
				}
				return failed;
			}
		}
	}

	private static ApiResponse read(ClientHttpResponse response, KeyMask mask, LimitedExchange exchange,
			@Nullable RequestLog log) throws IOException {
		HttpHeaders headers = (log != null) ? HttpHeaders.copyOf(response.getHeaders()) : null;
		ApiResponse read = read(response, mask, exchange);
		if (log != null && headers != null) {
			log.response(headers, read);
		}
		return read;
	}

	/**
	 * Read a response. The limits apply even if the request factory does not support
	 * them.
	 */
	private static ApiResponse read(ClientHttpResponse response, KeyMask mask, LimitedExchange exchange)
			throws IOException {
		try (ClientHttpResponse limited = exchange.isManaged() ? response : new BoundedResponse(response, exchange)) {
			int status = limited.getStatusCode().value();
			ApiResponse read = (status != HttpStatus.PROXY_AUTHENTICATION_REQUIRED.value())
					? HttpResponseReader.read(limited, mask) : null;
			if (read == null || (!read.isFromApi() && exchange.isUnsent())) {
				throw NetworkFailure.refusedByProxy(status);
			}
			return read;
		}
	}

	private static ApiResponse failed(RuntimeException ex, ApiServerUrl server, LimitedExchange exchange,
			KeyMask mask) {
		Throwable cause = NetworkFailure.causeOf(ex);
		ExchangeLimits limits = exchange.limits();
		ExchangeFailure reason = NetworkFailure.kindOf(cause, exchange);
		String message = switch (reason) {
			case NOT_CONNECTED -> "The server cannot be reached: " + NetworkFailure.describe(cause)
					+ ". Its address is " + server.hostAndPort() + " ('aki.io.api-server')";
			case NOT_TRUSTED -> "The encrypted connection was refused: " + NetworkFailure.describe(cause);
			case NOT_SENT ->
				"No connection was available within " + seconds(limits.timeout()) + ", so the request was not sent";
			case TIMED_OUT -> "No complete response within " + seconds(limits.timeout());
			case INTERRUPTED -> "Interrupted while waiting for the response";
			case TOO_LARGE -> "The response is larger than " + limits.maxBytes()
					+ " bytes. Increase 'aki.io.max-response-size' if that is expected";
			default -> "The connection failed before the response was complete: " + NetworkFailure.describe(cause);
		};
		return ApiResponse.failed(reason, 0, mask.mask(message), null,
				(reason != ExchangeFailure.TOO_LARGE) ? mask.mask(cause) : null);
	}

	private static String seconds(Duration time) {
		return time.toMillis() / 1000.0 + " s";
	}

}
