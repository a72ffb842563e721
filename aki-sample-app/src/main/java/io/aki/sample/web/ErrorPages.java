package io.aki.sample.web;

import java.util.Map;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Responds to failed requests: with a page to a browser that navigates, and with a
 * problem detail to all others.
 */
@Controller
class ErrorPages implements ErrorController {

	@RequestMapping(path = "/error", produces = MediaType.TEXT_HTML_VALUE)
	ModelAndView page(HttpServletRequest request) {
		ProblemDetail problem = problemOf(request);
		return new ModelAndView("error/page", Map.of("problem", problem), HttpStatusCode.valueOf(problem.getStatus()));
	}

	@RequestMapping("/error")
	ResponseEntity<ProblemDetail> problem(HttpServletRequest request) {
		ProblemDetail problem = problemOf(request);
		return ResponseEntity.status(problem.getStatus()).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
	}

	private static ProblemDetail problemOf(HttpServletRequest request) {
		Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
		ProblemDetail problem = ProblemDetail
			.forStatus((status instanceof Integer code) ? code : HttpStatus.NOT_FOUND.value());
		// the message of an exception is not meant for users
		if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) == null
				&& request.getAttribute(RequestDispatcher.ERROR_MESSAGE) instanceof String message
				&& !message.isEmpty()) {
			problem.setDetail(message);
		}
		return problem;
	}

}
