import { CalendarRange, ChevronDown } from "lucide-react";

import { WINDOW_LABELS, WINDOWS, type Window } from "@/lib/windows";

import { Button } from "./ui/button";
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from "./ui/menu";

interface WindowSelectProps {
  value: Window | undefined;
  onChange: (value: Window | undefined) => void;
  /** What it is called where no window is chosen; none can be where this is not given. */
  anyLabel?: string;
}

const ANY = "any";

/** Chooses a stretch of time up to now. */
export function WindowSelect({ value, onChange, anyLabel }: WindowSelectProps) {
  return (
    <Menu>
      <MenuTrigger
        render={
          <Button>
            <CalendarRange className="text-ink-faint" />
            {value === undefined ? anyLabel : WINDOW_LABELS[value]}
            <ChevronDown className="text-ink-faint" />
          </Button>
        }
      />
      <MenuContent align="start">
        <MenuRadioGroup
          value={value ?? ANY}
          onValueChange={(chosen) => onChange(chosen === ANY ? undefined : (chosen as Window))}
        >
          {anyLabel !== undefined && <MenuRadioItem value={ANY}>{anyLabel}</MenuRadioItem>}
          {WINDOWS.map((window) => (
            <MenuRadioItem key={window} value={window}>
              {WINDOW_LABELS[window]}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
