package io.aki.spring.boot.test;

import java.time.Duration;

/**
 * The effect of a fault on a job while the server acts on a request.
 */
interface JobFault {

	/**
	 * No effect.
	 */
	JobFault NONE = new JobFault() {
	};

	/**
	 * A polled job lapses.
	 */
	JobFault LAPSE = new JobFault() {

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.lapse(jobId);
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The result of a polled job is lost.
	 */
	JobFault LOSE_RESULT = new JobFault() {

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.loseResult(jobId);
		}

	};

	/**
	 * A cancel request is ignored.
	 */
	JobFault IGNORE_CANCEL = new JobFault() {

		@Override
		public boolean honorsCancel() {
			return false;
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The worker of the job disappears.
	 */
	JobFault WORKER_GONE = new JobFault() {

		@Override
		public Work replace(Work work) {
			return new AbandonedWork(work, 0);
		}

		@Override
		public void beforePoll(JobRegistry registry, String jobId) {
			registry.abandonWork(jobId);
		}

		@Override
		public boolean needsJobUnderWay() {
			return true;
		}

	};

	/**
	 * The worker of the job reports an error.
	 */
	static JobFault workerError(String error) {
		FailingWork failing = new FailingWork(error);
		return new JobFault() {

			@Override
			public Work replace(Work work) {
				return failing;
			}

			@Override
			public void beforePoll(JobRegistry registry, String jobId) {
				registry.failWork(jobId, failing);
			}

			@Override
			public boolean needsJobUnderWay() {
				return true;
			}

		};
	}

	/**
	 * The server's clock changes.
	 */
	static JobFault clockJump(Duration duration) {
		return new JobFault() {

			@Override
			public void beforeActing(JobRegistry registry) {
				registry.jump(duration);
			}

		};
	}

	/**
	 * Return whether it applies only to jobs that have not ended, or whose result is due.
	 */
	default boolean needsJobUnderWay() {
		return false;
	}

	/**
	 * Called before the server acts on a request.
	 */
	default void beforeActing(JobRegistry registry) {
	}

	/**
	 * Called before the server acts on a poll or a cancel request.
	 */
	default void beforePoll(JobRegistry registry, String jobId) {
	}

	/**
	 * Return the work of a job that is accepted.
	 */
	default Work replace(Work work) {
		return work;
	}

	/**
	 * Return whether cancel requests are honored.
	 */
	default boolean honorsCancel() {
		return true;
	}

}
