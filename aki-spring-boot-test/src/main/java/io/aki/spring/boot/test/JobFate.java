package io.aki.spring.boot.test;

import java.time.Duration;

/**
 * What a fault does to a job while the server acts on a request.
 */
interface JobFate {

	/**
	 * The job fares as it would.
	 */
	JobFate NONE = new JobFate() {
	};

	/**
	 * A polled job lapses.
	 */
	JobFate LAPSE = new JobFate() {

		@Override
		public void beforePoll(JobBooks books, String jobId) {
			books.lapse(jobId);
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * A polled job's result is not there any more.
	 */
	JobFate LOSE_RESULT = new JobFate() {

		@Override
		public void beforePoll(JobBooks books, String jobId) {
			books.loseResult(jobId);
		}

	};

	/**
	 * A cancel is not heeded.
	 */
	JobFate IGNORE_CANCEL = new JobFate() {

		@Override
		public boolean heedsCancel() {
			return false;
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The job's worker vanishes.
	 */
	JobFate WORKER_GONE = new JobFate() {

		@Override
		public Work ordered(Work work) {
			return new AbandonedWork(work, 0);
		}

		@Override
		public void beforePoll(JobBooks books, String jobId) {
			books.abandonWork(jobId);
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The job's worker reports an error.
	 */
	static JobFate workerError(String error) {
		FailingWork failing = new FailingWork(error);
		return new JobFate() {

			@Override
			public Work ordered(Work work) {
				return failing;
			}

			@Override
			public void beforePoll(JobBooks books, String jobId) {
				books.failWork(jobId, failing);
			}

			@Override
			public boolean needsJobUnderWay() {
				return true;
			}

		};
	}

	/**
	 * The server's clock jumps.
	 */
	static JobFate clockJump(Duration duration) {
		return new JobFate() {

			@Override
			public void beforeActing(JobBooks books) {
				books.jump(duration);
			}

		};
	}

	/**
	 * Whether it strikes only jobs that have not ended, or whose result is due.
	 */
	default boolean needsJobUnderWay() {
		return false;
	}

	/**
	 * Comes before a request is acted upon.
	 */
	default void beforeActing(JobBooks books) {
	}

	/**
	 * Comes before a poll or a cancel is acted upon.
	 */
	default void beforePoll(JobBooks books, String jobId) {
	}

	/**
	 * Decides what is done for a job that is being accepted.
	 */
	default Work ordered(Work work) {
		return work;
	}

	/**
	 * Whether a cancel is heeded.
	 */
	default boolean heedsCancel() {
		return true;
	}

}
