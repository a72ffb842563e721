package io.aki.spring.web;

import java.util.concurrent.CompletionException;

import io.aki.client.AkiJob;
import io.aki.client.AkiResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.ResponseEntity;
import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.AsyncHandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Handles the jobs and event streams that controllers of Spring MVC return. It is
 * selected before the handlers for {@code @ResponseBody} and {@link ResponseEntity}.
 */
final class AkiReturnValueHandler implements AsyncHandlerMethodReturnValueHandler {

	private static final String LAST_EVENT_ID = "Last-Event-ID";

	/** A stream is limited by the time limit of its job. */
	private static final long NO_TIMEOUT = 0;

	private final AkiEventStreams eventStreams;

	AkiReturnValueHandler(AkiEventStreams eventStreams) {
		this.eventStreams = eventStreams;
	}

	@Override
	public boolean supportsReturnType(MethodParameter returnType) {
		return ReturnedBody.isSupported(returnType);
	}

	@Override
	public boolean isAsyncReturnValue(@Nullable Object returnValue, MethodParameter returnType) {
		return supportsReturnType(returnType);
	}

	@Override
	public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
			ModelAndViewContainer mavContainer, NativeWebRequest webRequest) throws Exception {
		ReturnedBody returned = ReturnedBody.of(returnValue);
		if (returned.value() instanceof AkiJob job) {
			handle(job, returned, mavContainer, webRequest);
		}
		else if (returned.value() instanceof AkiEventStream stream) {
			handle(stream, returned, mavContainer, webRequest);
		}
		else {
			// the end of a stream
			mavContainer.setRequestHandled(true);
		}
	}

	private void handle(AkiJob job, ReturnedBody returned, ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest) throws Exception {
		DeferredResult<ResponseEntity<?>> deferredResult = new DeferredResult<>();
		deferredResult.onTimeout(() -> {
			job.cancel();
			deferredResult.setErrorResult(new RequestTimeoutException(job.jobId()));
		});
		deferredResult.onCompletion(() -> {
			if (!job.result().isDone()) {
				job.cancel();
			}
		});
		WebAsyncUtils.getAsyncManager(webRequest).startDeferredResultProcessing(deferredResult, mavContainer);
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

	private void handle(AkiEventStream stream, ReturnedBody returned, ModelAndViewContainer mavContainer,
			NativeWebRequest webRequest) throws Exception {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
		Assert.state(request != null && response != null, "No servlet request");
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

}
