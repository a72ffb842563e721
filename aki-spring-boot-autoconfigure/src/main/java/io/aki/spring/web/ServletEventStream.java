package io.aki.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * Writes the events of one job to a servlet response. No thread waits for the client: the
 * container calls {@link WriteListener#onWritePossible()} when the client has read what
 * was written before. The response starts with the first event. A client that does not
 * read is disconnected by the container, after its own time limit.
 */
final class ServletEventStream implements Flow.Subscriber<StreamEvent> {

	private static final Log logger = LogFactory.getLog(ServletEventStream.class);

	private static final byte[] HEARTBEAT = StreamEvent.HEARTBEAT.getBytes(StandardCharsets.UTF_8);

	private final HttpServletResponse response;

	private final ReturnedBody returned;

	private final DeferredResult<Object> deferredResult;

	private final AkiEventStreams eventStreams;

	private final Runnable stopAction = this::stop;

	private final AtomicInteger writeRequests = new AtomicInteger();

	private volatile Flow.@Nullable Subscription subscription;

	private volatile @Nullable ServletOutputStream output;

	private volatile @Nullable Future<?> heartbeats;

	private volatile @Nullable StreamEvent event;

	private volatile boolean heartbeatDue;

	/** Whether the container has called the listener for the first time. */
	private volatile boolean writable;

	private volatile boolean complete;

	private volatile boolean closed;

	private boolean unflushed;

	ServletEventStream(HttpServletResponse response, ReturnedBody returned, DeferredResult<Object> deferredResult,
			AkiEventStreams eventStreams) {
		this.response = response;
		this.returned = returned;
		this.deferredResult = deferredResult;
		this.eventStreams = eventStreams;
		deferredResult.onError((failure) -> leave());
		deferredResult.onCompletion(this::leave);
		eventStreams.addStopAction(this.stopAction);
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.closed) {
			subscription.cancel();
		}
		else {
			subscription.request(1);
		}
	}

	@Override
	public void onNext(StreamEvent event) {
		this.event = event;
		if (this.output == null) {
			open();
		}
		write();
	}

	/**
	 * Answer with the failure of a job that failed before its first event.
	 */
	@Override
	public void onError(Throwable failure) {
		this.closed = true;
		this.deferredResult.setErrorResult(failure);
	}

	@Override
	public void onComplete() {
		this.complete = true;
		write();
	}

	private void open() {
		try {
			this.response.setStatus(this.returned.status().value());
			this.response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
			this.response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform");
			// otherwise nginx buffers the events
			this.response.setHeader("X-Accel-Buffering", "no");
			this.returned.headers().forEach((name, values) -> {
				this.response.setHeader(name, values.get(0));
				values.subList(1, values.size()).forEach((value) -> this.response.addHeader(name, value));
			});
			ServletOutputStream output = this.response.getOutputStream();
			this.output = output;
			this.heartbeats = this.eventStreams.atHeartbeat(() -> {
				this.heartbeatDue = true;
				write();
			});
			setWriteListener(output);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("An event stream could not be opened", ex);
			leave();
			this.deferredResult.setErrorResult(ex);
		}
	}

	private void setWriteListener(ServletOutputStream output) {
		try {
			output.setWriteListener(new Listener());
		}
		catch (UnsupportedOperationException ex) {
			// the response of MockMvc, whose writes never wait
			this.writable = true;
		}
	}

	/**
	 * Write what is available, in one thread at a time.
	 */
	private void write() {
		if (this.writeRequests.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			writeWhileReady();
			seen = this.writeRequests.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private void writeWhileReady() {
		ServletOutputStream output = this.output;
		try {
			while (output != null && this.writable && !this.closed && isAnythingToWrite() && output.isReady()) {
				writeNext(output);
			}
		}
		catch (IOException ex) {
			// the container calls the listener as well
			logger.debug("The client of an event stream has disconnected", ex);
			leave();
		}
		catch (RuntimeException ex) {
			logger.debug("An event could not be written", ex);
			end();
		}
	}

	private boolean isAnythingToWrite() {
		return this.unflushed || this.event != null || this.complete || this.heartbeatDue;
	}

	private void writeNext(ServletOutputStream output) throws IOException {
		StreamEvent event = this.event;
		if (this.unflushed) {
			this.unflushed = false;
			output.flush();
			// Tomcat continues an incomplete flush only after this call
			output.isReady();
		}
		else if (event != null) {
			this.event = null;
			this.unflushed = true;
			output.write(event.text().getBytes(StandardCharsets.UTF_8));
			requestNext();
		}
		else if (this.complete) {
			end();
		}
		else {
			this.heartbeatDue = false;
			this.unflushed = true;
			output.write(HEARTBEAT);
		}
	}

	private void requestNext() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.request(1);
		}
	}

	private void end() {
		leave();
		this.deferredResult.setResult(AkiReturnValueHandler.EndOfStream.INSTANCE);
	}

	/**
	 * End the stream because the application stops. After Tomcat has stopped, it handles
	 * the error of a failed write in the writing thread. This thread and a thread of the
	 * container can then wait for each other's lock.
	 */
	private void stop() {
		if (this.output != null) {
			end();
		}
		else {
			leave();
			this.deferredResult.setErrorResult(new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE));
		}
	}

	/**
	 * Leave the job. The method has no effect after the last event.
	 */
	void leave() {
		this.closed = true;
		this.eventStreams.removeStopAction(this.stopAction);
		Future<?> heartbeats = this.heartbeats;
		if (heartbeats != null) {
			heartbeats.cancel(false);
		}
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
	}

	/**
	 * What the container calls.
	 */
	private final class Listener implements WriteListener {

		@Override
		public void onWritePossible() {
			ServletEventStream.this.writable = true;
			write();
		}

		@Override
		public void onError(Throwable failure) {
			logger.debug("The client of an event stream has disconnected", failure);
			// Jetty does not end the request
			end();
		}

	}

}
