package io.aki.spring.web;

import java.util.concurrent.CompletionException;

import io.aki.client.AkiJob;
import io.aki.client.AkiResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.AsyncHandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Handles the jobs and event streams that controllers of Spring MVC return. Spring MVC
 * selects it for these values before the handlers for {@code @ResponseBody} and
 * {@link ResponseEntity}, because they are asynchronous.
 */
final class AkiReturnValueHandler implements AsyncHandlerMethodReturnValueHandler {

	private static final String LAST_EVENT_ID = "Last-Event-ID";

	/** A stream is limited by the time limit of its job. */
	private static final long NO_TIMEOUT = 0;

	private final AkiEventStreams eventStreams;

	AkiReturnValueHandler(AkiEventStreams eventStreams) {
		this.eventStreams = eventStreams;
	}

	/**
	 * The type of a {@link ResponseEntity} may not declare its body.
	 */
	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		Class<?> type = returnType.getParameterType();
		return AkiJob.class.isAssignableFrom(type) || AkiEventStream.class.isAssignableFrom(type)
				|| ResponseEntity.class.isAssignableFrom(type) || type == EndOfStream.class;
	}

	@Override
	public boolean isAsyncReturnValue(@Nullable Object returnValue, MethodParameter returnType) {
		return ReturnedBody.isSupported(returnValue) || returnValue instanceof EndOfStream;
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		if (returnValue == null || returnValue instanceof EndOfStream) {
			mavContainer.setRequestHandled(true);
			return;
		}
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(response != null, "No servlet response");
		ReturnedBody returned = ReturnedBody.of(returnValue, HttpStatusCode.valueOf(response.getStatus()));
		if (returned.value() instanceof AkiJob job) {
			handle(job, returned, mavContainer, webRequest);
		}
		else if (returned.value() instanceof AkiEventStream stream) {
			handle(stream, returned, response, mavContainer, webRequest);
		}
	}

	private void handle(AkiJob job, ReturnedBody returned, ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest) throws Exception {
		DeferredResult<ResponseEntity<?>> deferredResult = new DeferredResult<>();
		deferredResult.onTimeout(() -> {
			// before the end of the canceled job sets a result
			deferredResult.setErrorResult(new RequestTimeoutException(job.jobId()));
			job.cancel();
		});
		deferredResult.onCompletion(() -> {
			if (!job.result().isDone()) {
				job.cancel();
			}
		});
		try {
			WebAsyncUtils.getAsyncManager(webRequest).startDeferredResultProcessing(deferredResult, mavContainer);
		}
		catch (Exception ex) {
			job.cancel();
			throw ex;
		}
		job.result().thenApply(AkiResult::orThrow).whenComplete((result, failure) -> {
			if (failure != null) {
				deferredResult.setErrorResult((failure instanceof CompletionException && failure.getCause() != null)
						? failure.getCause() : failure);
			}
			else {
				deferredResult.setResult(returned.response(result.toPublicMap()));
			}
		});
	}

	private void handle(AkiEventStream stream, ReturnedBody returned, HttpServletResponse response,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		Assert.state(request != null, "No servlet request");
		JobEventPublisher events = this.eventStreams.open(stream, webRequest.getHeader(LAST_EVENT_ID));
		ShallowEtagHeaderFilter.disableContentCaching(request);
		DeferredResult<Object> deferredResult = new DeferredResult<>(NO_TIMEOUT);
		ServletEventStream writer = new ServletEventStream(response, returned, deferredResult, this.eventStreams);
		try {
			WebAsyncUtils.getAsyncManager(webRequest).startDeferredResultProcessing(deferredResult, mavContainer);
		}
		catch (Exception ex) {
			writer.leave();
			events.subscribe(writer);
			throw ex;
		}
		events.subscribe(writer);
	}

	/**
	 * The result of a request whose event stream was written.
	 */
	enum EndOfStream {

		INSTANCE

	}

}
