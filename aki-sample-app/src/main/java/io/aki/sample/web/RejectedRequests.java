package io.aki.sample.web;

import java.io.IOException;
import java.util.Locale;

import io.aki.sample.SampleProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;

/**
 * Responds to requests that the firewall of Spring Security rejects. The firewall would
 * also reject an error dispatch of such a request, so that there is no page for it.
 */
@Component
class RejectedRequests implements RequestRejectedHandler {

	private final SampleProperties properties;

	private final JsonMapper json;

	RejectedRequests(SampleProperties properties, JsonMapper json) {
		this.properties = properties;
		this.json = json;
	}

	@Override
	public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException ex)
			throws IOException {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail(request));
		response.setStatus(problem.getStatus());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getOutputStream().write(this.json.writeValueAsBytes(problem));
	}

	private String detail(HttpServletRequest request) {
		return this.properties.allowedHosts().contains(request.getServerName().toLowerCase(Locale.ROOT))
				? "The URL, a header or a parameter contains characters that are not allowed"
				: "The host name of this request is not allowed. Add it to the property 'sample.allowed-hosts'";
	}

}
